import { costsTable } from './costs/table.ts';

process.stdout.write(`${costsTable()}\n`);
