// An ordinary cluster, for tests.
import { emptySurvey, type Survey } from '../src/observed/neighbours/survey.ts';

/** What a survey finds in a cluster of kubeadm in which nothing is amiss. */
export const plainSurvey: Survey = {
  ...emptySurvey,
  serverVersion: '1.36.3',
  kubeadm: { endpoint: undefined, podSubnet: '198.18.0.0/16', serviceSubnet: '198.51.100.0/24' },
  kubeProxy: { mode: '', strictArp: false },
  serviceRanges: ['198.51.100.0/24'],
  certificates: [1, 2, 3].map((index) => ({
    node: `n${index}`,
    address: `203.0.113.1${index}`,
    port: 6443,
    names: ['203.0.113.100', `203.0.113.1${index}`],
  })),
};
