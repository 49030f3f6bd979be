import { lookUp, startEtcd } from '../../support/services.ts';
import { describeEtcdctlOracle } from './oracle.ts';
import { describeEtcdContract } from './suite.ts';

const start = async () => Object.assign(await startEtcd(), { etcdctl: lookUp('etcdctl') });

describeEtcdContract('the system’s etcd', start);
describeEtcdctlOracle('the system’s etcd', start);
