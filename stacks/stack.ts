import { RemovalPolicy } from 'aws-cdk-lib';
import { type App, Stack } from 'sst/constructs';
import type { Settings } from './settings.ts';

/** A stack of this deployment, without the function for custom resources that SST adds to each: we have none. */
export function emptyStack(app: App, id: string, description: string): Stack {
  const stack = new Stack(app, id, { description });
  stack.node.tryRemoveChild('CustomResourceHandler');
  return stack;
}

/** What the tables, queues and keys are called; the command line finds them by it. */
export function physicalName({ stage }: Settings, name: string): string {
  return `${stage}-duban-${name}`;
}

/** What holds data outlives its stack, unless the stage is somebody's own. */
export function removalOf({ isPersonal }: Settings): RemovalPolicy {
  return isPersonal ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
