import { describe, expect, it } from 'vitest';
import { JavaMissingError, parseJavaVersion, requireJava } from './java.ts';

describe('java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "25" 2025-09-16', 25],
    ['java version "1.8.0_392"', 8],
    ['something else', null],
  ])('reads %s', (printed, version) => expect(parseJavaVersion(printed)).toBe(version));

  it('says in one sentence how to install it when there is none', async () => {
    const refused = requireJava('no-such-java');
    await expect(refused).rejects.toBeInstanceOf(JavaMissingError);
    await expect(refused).rejects.toThrow(
      /^Java 17 or newer is needed for DynamoDB Local: apt-get install \S+, or https:\S+$/,
    );
  });
});
