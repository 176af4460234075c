/** Everything below is plain JSON. Numbers without a finite value are null. */
export interface ImportReport {
  readonly version: 1;
  readonly model: string;
  /** How the ranges of values were chosen. */
  readonly method: string;
  readonly input: TensorReport;
  readonly output: TensorReport;
  readonly layers: readonly LayerReport[];
  readonly totals: {
    readonly nodes: number;
    readonly parameters: number;
    readonly macs: number;
    /** Proven bits of the widest sums. */
    readonly widestAccumulator: number;
  };
  readonly calibration: ComparisonReport;
  readonly heldOut?: ComparisonReport;
  /** What was left out, approximated or worth knowing, one sentence each. */
  readonly notes: readonly string[];
}

/** A real value is `scale · (q − zeroPoint)`. */
export interface TensorReport {
  readonly name: string;
  readonly elementType: string;
  readonly shape: readonly number[];
  readonly scale: number;
  readonly zeroPoint: number;
}

export interface LayerReport extends TensorReport {
  /** ONNX node and operator that the layer comes from. */
  readonly node: string;
  readonly operator: string;
  readonly activationBits: number;
  readonly accumulatorBits?: number;
  readonly weightBits?: number;
  /** Divisors are two to these powers; more than one when channels differ. */
  readonly shifts?: readonly number[];
  readonly multiplierBits?: number;
  /** Largest relative error of a multiplier that stands for a ratio of scales. */
  readonly scaleError?: number;
  readonly calibration: ErrorReport;
  readonly heldOut?: ErrorReport;
}

export interface ErrorReport {
  /** Signal to quantisation noise in decibels; null without any noise. */
  readonly sqnrDb: number | null;
  readonly maxError: number;
  /** Share of elements whose float value lies beyond what 8 bits hold at this scale. */
  readonly saturatedShare: number;
}

export interface ComparisonReport extends ErrorReport {
  readonly samples: number;
  /** Share of samples for which both models choose the same class; null without classes. */
  readonly top1Agreement: number | null;
  readonly floatAccuracy?: number;
  readonly integerAccuracy?: number;
  /** Percentage points of accuracy lost; negative when the integer model is better. */
  readonly pointsLost?: number;
}
