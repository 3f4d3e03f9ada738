/** Which component draws which kind of figure. */
import { Contour } from './Contour.jsx';
import { BarPairs, Matrix, Mosaic, VarianceComponents } from './Counts.jsx';
import { Autocorrelation, Curve, Curves, FittedLine, Scatter } from './Curves.jsx';
import {
  CapabilityHistogram,
  DiscreteDistribution,
  Distribution,
  DotPlot,
  FittedDistribution,
  Histogram,
  ProbabilityPlot,
  WeibullPlot,
} from './Distributions.jsx';
import { HalfNormal, Pareto } from './Effects.jsx';
import { Boxes, Interaction, Interval, Intervals, MainEffects } from './Groups.jsx';
import ControlPanel from './ControlPanel.jsx';
import { Residuals } from './Residuals.jsx';

export const KINDS = {
  autocorrelation: Autocorrelation,
  bars: BarPairs,
  box: Boxes,
  box_plot: Boxes,
  capability_histogram: CapabilityHistogram,
  contour: Contour,
  control_chart: ControlPanel,
  correlation_map: Matrix,
  curves: Curves,
  cusum_chart: ControlPanel,
  discrete_distribution: DiscreteDistribution,
  distribution: Distribution,
  dot_plot: DotPlot,
  fds: Curve,
  fitted_distribution: FittedDistribution,
  fitted_line: FittedLine,
  gage_run_chart: Interaction,
  group_plot: Boxes,
  half_normal: HalfNormal,
  heatmap: Matrix,
  histogram: Histogram,
  interaction: Interaction,
  interval: Interval,
  intervals: Intervals,
  line: Curve,
  main_effects: MainEffects,
  mosaic: Mosaic,
  oc_curve: Curve,
  pareto: Pareto,
  power_curve: Curve,
  probability_plot: ProbabilityPlot,
  regression_line: FittedLine,
  residuals: Residuals,
  run_chart: ControlPanel,
  scatter: Scatter,
  scatter_fit: Scatter,
  step: Curve,
  surface: Contour,
  variance_components: VarianceComponents,
  weibull_plot: WeibullPlot,
};
