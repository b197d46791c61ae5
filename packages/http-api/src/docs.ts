import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const PAGE = `<!doctype html>
<html lang="zh">
<head><meta charset="utf-8"><title>督办 API</title><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
`;
const START = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', validatorUrl: null });\n";

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};
/** The page loads its own files only; Swagger UI sets styles inline and draws its icons from data. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** A file of the documentation page; null when there is no such file. */
export async function docsFile(name: string): Promise<{ content: string; headers: Record<string, string> } | null> {
  const content = await contentOf(name);
  if (content === null) return null;
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain';
  return { content, headers: { 'content-type': type, 'content-security-policy': POLICY } };
}

async function contentOf(name: string): Promise<string | null> {
  switch (name) {
    case 'index.html':
      return PAGE;
    case 'start.js':
      return START;
    case 'swagger-ui.css':
    case 'swagger-ui-bundle.js':
      return readFile(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`), 'utf8');
    default:
      return null;
  }
}
