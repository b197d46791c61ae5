import { deflateRawSync } from 'node:zlib';

/** A file of an archive; `declared` is the size the archive claims for it. */
export interface ArchiveFile {
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly declared?: number;
}

/** One deflated file in an archive. */
export function zipOf(name: string, content: Uint8Array, declared = content.length): Uint8Array {
  return archiveOf([{ name, content, declared }]);
}

/**
 * An archive made by hand, because no program makes one that lies.
 * @param directory how often the directory at its end names each file: more than once, they overlap
 */
export function archiveOf(files: readonly ArchiveFile[], directory = 1): Uint8Array {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, content, declared } of files) {
    const path = Buffer.from(name);
    const data = deflateRawSync(content);
    const common = Buffer.alloc(22);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(declared ?? Buffer.byteLength(content), 18);
    const sizes = Buffer.alloc(4);
    sizes.writeUInt16LE(path.length, 0);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, sizes, path, data]);
    const head = Buffer.from('PK\u0001\u0002', 'latin1');
    entries.push(Buffer.concat([head, Buffer.from([20, 0]), common, sizes, where, path]));
    bodies.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(Array.from({ length: directory }, () => entries).flat());
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(files.length * directory, 8);
  end.writeUInt16LE(files.length * directory, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...bodies, central, end]));
}

const TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The files of a workbook with one sheet, whose XML is given as it is. */
export function workbookFiles(sheetName: string, sheetXml: string, prologue = ''): readonly ArchiveFile[] {
  const xml = '<?xml version="1.0" encoding="UTF-8"?>';
  const part = (name: string, type: string) => `<Override PartName="${name}" ContentType="${SHEET_TYPE}.${type}+xml"/>`;
  return [
    {
      name: '[Content_Types].xml',
      content: `${xml}<Types xmlns="${TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part('/xl/workbook.xml', 'sheet.main')}${part('/xl/worksheets/sheet1.xml', 'worksheet')}</Types>`,
    },
    {
      name: '_rels/.rels',
      content: `${xml}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      content: `${xml}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${sheetName}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `${xml}<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      content: `${xml}${prologue}<worksheet xmlns="${MAIN}"><sheetData>${sheetXml}</sheetData></worksheet>`,
    },
  ];
}
