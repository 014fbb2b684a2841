// The panels of what Services get.

/** @param best of several replicas the one that knows */
export const grantPanels = (
  best: (labels: string, metric: string, matchers?: string) => string,
  chosen: string,
) => {
  const of = (state: string): string =>
    best('kubevipconfig, pool, family', 'pool_addresses', `${chosen}, state="${state}"`);
  return [
    {
      title: 'Pools: how much of what may be given Services have',
      type: 'timeseries',
      unit: 'percentunit',
      queries: [[`${of('used')} / (${of('used')} + ${of('free')})`, '{{kubevipconfig}} {{pool}} {{family}}']],
      width: 16,
    },
    {
      title: 'Services that wait for an address',
      type: 'timeseries',
      queries: [[best('kubevipconfig', 'waiting_services'), '{{kubevipconfig}}']],
      width: 8,
    },
  ] as const;
};
