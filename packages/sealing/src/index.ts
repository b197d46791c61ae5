export { type KeyRing, KeyRingError, newKeyRing, parseKeyRing } from './key-ring.ts';
export { createSealer } from './sealer.ts';
