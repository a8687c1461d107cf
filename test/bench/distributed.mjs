// The second set of ratios: what happens behind the commands (sockets, relay, Kafka, read models, overload, crashes), in the standalone
// app and over a cluster of services. `npm run bench -- distributed` runs them all, an id runs one.
import { idleServices, startCluster } from './cluster.mjs';
import { drain } from './drain.mjs';
import { fanOut, idleSockets } from './fanout.mjs';
import { receiptTimes } from './latency.mjs';
import { liveView } from './live.mjs';
import { overload } from './overload.mjs';
import { recovery } from './recovery.mjs';
import { relayTimes } from './relay.mjs';
import { storm } from './storm.mjs';

/** What `distributed` stands for; `services` is the memory of each service at rest. */
export const DISTRIBUTED = ['P5', 'P6', 'P7', 'P8', 'P9', 'P11', 'P14', 'P15', 'P16', 'services'];
const LINES = 300;
const STORM_SOCKETS = 5_000;
const SIZES = [1_000, 5_000];

/** Adds the wanted ratios. `tools` is what main.mjs measures with; resolves with the memory of the services where it was asked for. */
export async function measureDistributed(wants, tools) {
  const { add } = tools;
  const put = (id, goal, fail, { ratios, rivals, checks }, better = 'more', mode = 'standalone') =>
    add(id, goal, fail, ratios, rivals, checks, better, mode);
  if (wants('P6')) put('P6', 3, 10, await relayTimes(tools), 'less');
  if (wants('P7')) put('P7', 0.7, 0.3, await drain(tools), 'more', 'distributed');
  if (wants('P8')) for (const sockets of SIZES) put(`P8 ${sockets} sockets`, 0.9, 0.25, await fanOut(tools, sockets));
  if (wants('P9')) put('P9', 1.3, 2, await idleSockets(tools), 'less');
  if (wants('P11')) put('P11', 0.3, 0.05, await liveView(tools));
  if (['P5', 'P14', 'P16'].some(wants)) await overHttp(wants, tools, put);
  if (wants('P15')) put('P15', 2, 5, await recovery(tools), 'less');
  return wants('P5') || wants('services') ? overCluster(wants, tools, put) : undefined;
}

/** Checks that what was acknowledged is in the database, besides those of the measurement itself. */
async function withConserved(measured, conserved, url, acknowledged) {
  const { lost, double, ...held } = await conserved(url, acknowledged);
  const own = measured.checks;
  Object.assign(own, held, { lost: (own.lost ?? 0) + lost, double: (own.double ?? 0) + double });
  return measured;
}

async function overHttp(wants, tools, put) {
  const { app, url, world } = await tools.concord('bench_http', LINES);
  let taken = 0;
  const atRest = () => tools.atRest(app.url);
  const own = { ...tools, acknowledged: (count) => (taken += count) };
  const kept = (measured) => withConserved(measured, tools.conserved, url, taken);
  if (wants('P5')) put('P5', 3, 10, await kept(await receiptTimes(own, world, [world.port], 'standalone')), 'less');
  await atRest();
  if (wants('P16')) put('P16', 3, 10, await kept(await storm(own, world, atRest, STORM_SOCKETS)), 'less');
  if (wants('P14')) {
    const closedLoop = async (more = {}) => {
      const run = await tools.load(world, more);
      taken += run.ok;
      return run;
    };
    await closedLoop({ ms: 2_000 });
    await atRest();
    const { goodput, wait } = await overload(own, world, closedLoop, atRest);
    put('P14', 0.9, 0.5, await kept(goodput));
    put('P14 p99', 4, 10, wait, 'less');
  }
  await app.stop();
}

async function overCluster(wants, tools, put) {
  tools.note('starting a cluster');
  const cluster = await startCluster(tools.server, tools.track);
  let services;
  try {
    if (wants('services')) services = await idleServices(cluster, tools.rounds, tools.note);
    if (wants('P5')) {
      let taken = 0;
      const own = { ...tools, acknowledged: (count) => (taken += count) };
      const measured = await receiptTimes(own, await cluster.world(LINES), cluster.gateways, 'distributed');
      await withConserved(measured, tools.conserved, cluster.databaseUrl, taken);
      put('P5 distributed', 5, 10, measured, 'less', 'distributed');
    }
  } finally {
    await cluster.stop();
  }
  return services;
}
