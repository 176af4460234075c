import { disputeScenarios } from "./support/dispute-scenarios.ts";
import { DISPUTED_MODELS } from "./support/disputed-models.ts";

disputeScenarios(DISPUTED_MODELS.digits);
