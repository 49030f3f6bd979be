import { afterAll, beforeAll, describe } from 'vitest';
import { followingContract } from './following.ts';
import { goingBackContract } from './going-back.ts';
import { type ContractCluster, type Ground, prepareGround } from './ground.ts';
import { readingContract } from './reading.ts';
import { reflectingContract } from './reflecting.ts';
import { watchingContract } from './watching.ts';
import { writingContract } from './writing.ts';

export type { ContractCluster } from './ground.ts';

/**
 * The sentences that must hold on any true Kubernetes API server. They run on the practice cluster with every `npm test` and on a real
 * kube-apiserver with `npm run test:cluster`: what is true on one only is a bug of ours or of the practice cluster.
 */
export function describeClusterContract(name: string, start: () => Promise<ContractCluster>): void {
  describe(`the Kubernetes contract on ${name}`, () => {
    let ground: Ground | undefined;
    beforeAll(async () => {
      ground = await prepareGround(await start(), `contract-${process.pid}`);
    }, 120_000);
    afterAll(async () => {
      await ground?.close();
      await ground?.contract.stop();
    }, 60_000);
    const here = (): Ground => {
      if (!ground) throw new Error('The cluster did not start.');
      return ground;
    };

    describe('reading', () => readingContract(here));
    describe('writing', () => writingContract(here));
    describe('watching', () => watchingContract(here));
    describe('reflecting', () => reflectingContract(here));
    describe('following', () => followingContract(here));
    describe('going back', () => goingBackContract(here));
  });
}
