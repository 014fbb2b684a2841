// What decisions about grants rest on, made anew only when something of it has changed.
import type { ClusterView } from '../cluster/cluster.ts';
import { groundsOf, type ClusterFacts, type Grounds } from '../grants/grounds.ts';

type View = Pick<ClusterView, 'configs' | 'nodes' | 'survey'>;

/** The grounds of a view as it is now. */
export class CurrentGrounds {
  readonly #view: View;
  #facts: ClusterFacts | undefined;
  #grounds: Grounds | undefined;

  constructor(view: View) {
    this.#view = view;
  }

  /** The same grounds as long as the lists are the same. */
  now(): Grounds {
    const configs = this.#view.configs();
    const survey = configs.map((config) => this.#view.survey(config)).find((row) => row !== undefined);
    const facts = { configs, nodes: this.#view.nodes(), survey };
    const old = this.#facts;
    if (
      this.#grounds === undefined ||
      old?.configs !== facts.configs ||
      old.nodes !== facts.nodes ||
      old.survey !== facts.survey
    ) {
      [this.#facts, this.#grounds] = [facts, groundsOf(facts)];
    }
    return this.#grounds;
  }
}
