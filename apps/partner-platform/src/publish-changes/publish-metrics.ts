import type { Metrics } from '@fourway/platform-observability';
import type { PublishMetrics } from './publish-changes.ts';

/** What an operator sees of the directory's publication. */
export function publishMetrics(metrics: Metrics): PublishMetrics {
  const published = metrics.counter({
    name: 'switch_directory_changes_published_total',
    help: 'Changes of the directory acknowledged by the broker, repeats included',
  });
  const unpublished = metrics.gauge({
    name: 'switch_directory_unpublished_changes',
    help: 'Changes committed and not yet acknowledged by the broker, as the publisher sees it; 0 in other replicas',
  });
  return { published: (changes) => published.inc(changes), unpublished: (changes) => unpublished.set(changes) };
}
