// Disputes about larger models: `npm run test:disputes`, some minutes.
import { disputeScenarios } from "./support/dispute-scenarios.ts";
import { DISPUTED_MODELS } from "./support/disputed-models.ts";

disputeScenarios(DISPUTED_MODELS.lenet);
disputeScenarios(DISPUTED_MODELS.convnet);
