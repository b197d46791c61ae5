import type { Bundle } from './bundle.ts';

/** Sources that only one machine at a desk may run. */
const LOCAL_SOURCES =
  /(^|\/)(packages\/(local-cloud|testkit|gazette)|bench|node_modules\/(fauxqs|amplify-dynamodb-simulator|vitest))\//;
/** A path literal below `/dev/`: routes that hand out tokens and move the clock. */
const DEV_ROUTE = /["'`]\/dev\/[\w:{*-]*/g;

/** What a bundle holds that must never be deployed, one sentence each; nothing when it is clean. */
export function faultsOf({ name, metafile, files }: Bundle): readonly string[] {
  const sources = Object.keys(metafile.inputs)
    .filter((path) => LOCAL_SOURCES.test(path))
    .map((path) => `${name} contains ${path}, which belongs to the local cloud`);
  const routes = files.flatMap(({ path, text }) =>
    [...text.matchAll(DEV_ROUTE)]
      .filter(([literal]) => !/\/dev\/(null|stdin|stdout|stderr|u?random)/.test(literal))
      .map(([literal]) => `${path} contains the route ${literal.slice(1)}`),
  );
  return [...sources, ...routes];
}
