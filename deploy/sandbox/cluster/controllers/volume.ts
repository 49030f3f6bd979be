import type { World } from '../world.ts';
import { change, make, toItself, writeStatus } from './act.ts';
import { eachKey } from './queue.ts';

const CLAIMS = 'persistentvolumeclaims';

/** Gives every claim a volume of its own, as a dynamic provisioner would. */
export function startVolumes(world: World): void {
  eachKey(world, [{ key: CLAIMS, toKeys: toItself }], (namespace, name) => {
    const claim = world.store.get(CLAIMS, namespace, name);
    if (!claim || claim.metadata.deletionTimestamp || claim.status?.phase !== 'Pending') return;
    const volumeName = `pvc-${claim.metadata.uid}`;
    const { storageClassName, accessModes, resources } = claim.spec;
    const capacity = { storage: resources?.requests?.storage ?? '1Gi' };
    make(
      world,
      'persistentvolumes',
      {
        metadata: { name: volumeName },
        spec: {
          capacity,
          accessModes,
          persistentVolumeReclaimPolicy: 'Delete',
          storageClassName: storageClassName ?? 'standard',
          volumeMode: 'Filesystem',
          claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid: claim.metadata.uid },
          hostPath: { path: `/practice/${volumeName}` },
        },
      },
      'practice-provisioner',
    );
    const volume = world.store.get('persistentvolumes', undefined, volumeName);
    if (volume) writeStatus(world, 'persistentvolumes', volume, { phase: 'Bound' }, 'kube-controller-manager');
    const bound = change(
      world,
      CLAIMS,
      claim,
      (draft) => {
        draft.spec.volumeName = volumeName;
        draft.spec.storageClassName ??= 'standard';
      },
      'kube-controller-manager',
    );
    writeStatus(world, CLAIMS, bound, { phase: 'Bound', accessModes, capacity }, 'kube-controller-manager');
  });
}
