import type { World } from '../world.ts';
export function startAutoscalers(_world: World): void {}
