import type { World } from '../world.ts';
export function startStatefulSets(_world: World): void {}
