/** Which control a kind of parameter gets. */
import { AssignmentRows, FactorRows } from './RowControls.jsx';
import {
  BooleanField,
  ChoiceField,
  Line,
  Lines,
  NumberField,
  RangeField,
} from './SimpleControls.jsx';
import { ColumnField, ColumnsField, TableField } from './ColumnControls.jsx';

export const CONTROLS = {
  number: NumberField,
  integer: NumberField,
  boolean: BooleanField,
  choice: ChoiceField,
  text: Line,
  range: RangeField,
  numbers: Line,
  sample: ColumnField,
  labels: ColumnField,
  column: ColumnField,
  samples: ColumnsField,
  columns: ColumnsField,
  table: TableField,
  formula: Line,
  expression: Line,
  expressions: Line,
  symbol: Line,
  symbols: Line,
  condition: Line,
  matrix: Lines,
  factors: FactorRows,
  assignments: AssignmentRows,
};
