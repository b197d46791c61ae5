import { createSocket } from 'node:dgram';
import { expect, onTestFinished, test } from 'vitest';
import { createSystemResolver } from './resolver.ts';

const NO_ERROR = 0;
const SERVER_FAILURE = 2;
const NO_SUCH_NAME = 3;

interface Says {
  readonly code: number;
  /** To a question for an A record. */
  readonly ipv4?: readonly number[];
}

/** A name server; null keeps silent. */
async function nameServer(says: Says | null): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    if (says !== null) socket.send(answerTo(question, says), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    socket.close();
  });
  return `127.0.0.1:${socket.address().port}`;
}

/** RFC 1035 4: the question again, and an A record where one was asked for. */
function answerTo(question: Buffer, { code, ipv4 }: Says): Buffer {
  const nameEnds = question.indexOf(0, 12) + 1;
  const asked = question.subarray(12, nameEnds + 4);
  const record =
    ipv4 !== undefined && question.readUInt16BE(nameEnds) === 1
      ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, ...ipv4]
      : [];
  const head = Buffer.from([0, 0, 0x81, 0x80 | code, 0, 1, 0, record.length === 0 ? 0 : 1, 0, 0, 0, 0]);
  question.copy(head, 0, 0, 2);
  return Buffer.concat([head, asked, Buffer.from(record)]);
}

const resolverOf = (server: string) => createSystemResolver({ servers: [server], timeoutMs: 100 });

test('the name servers are asked', async () => {
  const resolve = resolverOf(await nameServer({ code: NO_ERROR, ipv4: [203, 0, 113, 7] }));
  expect(await resolve('receiver.example.com')).toEqual(['203.0.113.7']);
});

test('a name they do not know may stand in the hosts file', async () => {
  const resolve = resolverOf(await nameServer({ code: NO_SUCH_NAME }));
  expect(await resolve('localhost')).toContain('127.0.0.1');
  await expect(resolve('no-such-name.invalid')).rejects.toThrow();
});

test.each([null, { code: SERVER_FAILURE }])('a server that says %j is not asked again by the system', async (says) => {
  const resolve = resolverOf(await nameServer(says));
  expect(await resolve('localhost')).toEqual([]);
});
