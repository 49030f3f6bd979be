import type { Json, Obj } from '../object.ts';
import type { Change } from '../store.ts';
import type { World } from '../world.ts';
import { change, make, note, toItself, writeStatus } from './act.ts';
import { eachKey } from './queue.ts';

const CLAIMS = 'persistentvolumeclaims';

/** Gives every claim a volume of its own, as a dynamic provisioner would. */
export function startVolumes(world: World): void {
  const watching = [
    { key: CLAIMS, toKeys: toItself },
    {
      key: 'pods',
      toKeys: ({ object }: Change) => claimsOf(object).map((name) => `${object.metadata.namespace}/${name}`),
    },
  ];
  eachKey(world, watching, (namespace, name) => {
    const claim = world.store.get(CLAIMS, namespace, name);
    if (!claim || claim.metadata.deletionTimestamp || claim.status?.phase !== 'Pending') return;
    if (waitsForConsumer(world, claim)) return;
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

/** Of a storage class with `WaitForFirstConsumer`: not before a pod that mounts it has a node. */
function waitsForConsumer(world: World, claim: Obj): boolean {
  const { namespace, name } = claim.metadata;
  const storageClass = world.store.get('storageclasses.storage.k8s.io', undefined, claim.spec.storageClassName);
  if (storageClass?.volumeBindingMode !== 'WaitForFirstConsumer') return false;
  if (world.store.list('pods', namespace).some((pod) => pod.spec.nodeName && claimsOf(pod).includes(name)))
    return false;
  note(world, {
    about: claim,
    reason: 'WaitForFirstConsumer',
    message: 'waiting for first consumer to be created before binding',
    component: 'persistentvolume-controller',
  });
  return true;
}

function claimsOf(pod: Obj): string[] {
  return (pod.spec.volumes ?? []).flatMap((volume: Json) => volume.persistentVolumeClaim?.claimName ?? []);
}
