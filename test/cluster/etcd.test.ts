import { controlPlaneBinaries } from '../../deploy/sandbox/real/binaries.ts';
import { startRealEtcd } from '../../deploy/sandbox/real/etcd.ts';
import type { EtcdUnderTest } from '../contract/etcd/desk.ts';
import { describeEtcdctlOracle } from '../contract/etcd/oracle.ts';
import { describeEtcdContract } from '../contract/etcd/suite.ts';

/** The version that go.mod pins, whatever the system's own is. */
async function start(): Promise<EtcdUnderTest> {
  const [etcd, binaries] = await Promise.all([startRealEtcd(), controlPlaneBinaries(() => {})]);
  return {
    endpoint: etcd.endpoint,
    etcdctl: binaries.file('etcdctl'),
    pause: () => etcd.pause(),
    resume: () => etcd.resume(),
    stop: () => etcd.stop(),
  };
}

describeEtcdContract('etcd as pinned', start);
describeEtcdctlOracle('etcd as pinned', start);
