/** The practice cluster, for tests: see `deploy/sandbox/cluster`. */
export {
  type PracticeCluster,
  type PracticeClusterOptions,
  startPracticeCluster,
} from '../../deploy/sandbox/cluster/practice-cluster.ts';
