import wrapper from "solc/wrapper.js";
import soljson from "./soljson.js";

/** The interface of the package `solc`, for inputs of any length. */
export default wrapper(soljson);
