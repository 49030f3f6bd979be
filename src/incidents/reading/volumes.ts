import type { SeenEvent, SeenPersistentVolumeClaim } from '../seen/surroundings.ts';
import type { Sight } from '../sight.ts';
import { shortened } from './exit-codes.ts';

/** Warnings of the volume controller and of external provisioners that say: this volume is not coming. */
const FAILURES = ['ProvisioningFailed', 'FailedBinding', 'ClaimMisbound', 'VolumeMismatch', 'VolumeResizeFailed'];
const WAITING = 'WaitForFirstConsumer';

/** The newest event that says why a claim gets no volume. */
export function provisioningFailure(claim: SeenPersistentVolumeClaim, sight: Sight): SeenEvent | undefined {
  return sight.events(claim.metadata.uid).find(({ reason }) => FAILURES.includes(reason));
}

/** Whether a claim gets its volume only once a pod uses it. Its class says so; where that is not seen, its newest event does. */
export function isBoundLate(claim: SeenPersistentVolumeClaim, sight: Sight): boolean {
  const storageClass = sight.get('StorageClass', '', claim.spec.storageClassName);
  if (storageClass) return storageClass.volumeBindingMode === WAITING;
  return sight.events(claim.metadata.uid)[0]?.reason === WAITING;
}

/** Whether a pending claim only waits for a pod that uses it. A failure to provision means that there is such a pod. */
export function waitsForConsumer(claim: SeenPersistentVolumeClaim, sight: Sight): boolean {
  return !provisioningFailure(claim, sight) && isBoundLate(claim, sight);
}

/** A provisioner's message without the wrapping that every one of them has, on one line, shortened. */
export function plainMessage(message: string): string {
  return shortened(
    message
      .replace(/\s+/g, ' ')
      .replace(/^failed to provision volume with StorageClass "[^"]*": /, '')
      .replace(/^rpc error: code = \w+ desc = /, ''),
  );
}
