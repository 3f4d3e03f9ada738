/** XLSX workbooks, which the server writes: in them no text is a formula. */
import { workbook } from './api.js';
import { download, fileName } from './exporting.js';
import { useApp } from './store.js';

/** Save a table as a workbook; a refusal is told. */
export async function saveWorkbook(name, columns, rows) {
  try {
    download(fileName(name, 'xlsx'), await workbook([{ name, columns, rows }]));
  } catch (error) {
    useApp.getState().notify(`The workbook could not be written. ${error.message}`, 'bad');
  }
}
