// The pinned compiler, for inputs of any length: its own way of passing a string puts four bytes for each character on a
// stack of 5 MB, which the contracts of this repository and their imports do not fit.
import soljson from "solc/soljson.js";

const cwrap = soljson.cwrap;

soljson.cwrap = (name, ...types) => {
  const call = cwrap(name, ...types);
  if (name !== "solidity_compile") return call;
  const [, parameters] = types;
  const withPointer = cwrap(name, "string", ["number", ...parameters.slice(1)]);
  return (input, ...rest) => {
    const bytes = soljson.lengthBytesUTF8(input) + 1;
    // Freed with everything else when the compiler is reset, after each call.
    const pointer = soljson._solidity_alloc(bytes);
    soljson.stringToUTF8(input, pointer, bytes);
    return withPointer(pointer, ...rest);
  };
};

export default soljson;
