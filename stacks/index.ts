import type { App } from 'sst/constructs';
import { alarmsStack } from './alarms.ts';
import { apiStack } from './api.ts';
import { clockStack } from './clock.ts';
import { deliveryStack } from './delivery.ts';
import { queuesStack } from './queues.ts';
import type { Settings } from './settings.ts';
import { storageStack } from './storage.ts';

/** All of Duban on AWS, a stack a concern, each built on the ones before it. */
export function createStacks(app: App, settings: Settings): void {
  const storage = storageStack(app, settings);
  const queues = queuesStack(app, settings, storage);
  const clock = clockStack(app, settings, storage, queues);
  const delivery = deliveryStack(app, settings, storage, queues);
  const api = apiStack(app, settings, storage, queues);
  alarmsStack(app, settings, { storage, queues, functions: { ...clock, ...delivery, api: api.handler }, api: api.api });
}
