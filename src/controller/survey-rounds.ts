// The surveyor of a controller: each round reads what the watches do not tell, and says so when it is news.
import { explain } from '../cluster/errors.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Http } from '../cluster/http.ts';
import { readSurvey, type Memory } from '../cluster/survey/read-survey.ts';
import type { Stores } from '../cluster/view.ts';
import type { ControllerOptions } from './controller-options.ts';
import { Surveyor, urgencyOf } from './surveyor.ts';

/** Where a survey is read, kept and told. */
export interface SurveyRounds {
  readonly http: Http;
  readonly view: ClusterView;
  readonly stores: Stores;
  readonly log: ControllerOptions['log'];
  /** Something may be decided otherwise. */
  readonly onNews: () => void;
  /** A round found what the one before has found, while a config waits or is warned. */
  readonly onSame: () => void;
}

/** A surveyor that reads the cluster, not started. */
export function makeSurveyor({ http, view, stores, log, onNews, onSame }: SurveyRounds): Surveyor {
  let memory: Memory | undefined;
  return new Surveyor({
    round: async () => {
      const configs = view.configs();
      const found = await readSurvey({ http, now: Date.now, nodes: view.nodes(), configs, memory });
      return () => {
        memory = found.memory;
        if (stores.survey.put(found.survey, configs)) {
          onNews();
        } else if (urgencyOf(view) !== 'quiet') {
          onSame();
        }
      };
    },
    urgency: () => urgencyOf(view),
    onError: (error, retryMs) =>
      log.warn({ ...explain(error), retryMs }, 'cannot read facts for preflight, trying again'),
  });
}
