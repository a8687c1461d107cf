import { FaultProxy, kafkaLacking, startTestKafka, testDatabase, type TestDatabase, type TestKafka } from '@concord/testing';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { ServiceProcess } from './cluster.js';

// One service and the two neighbours it needs, PostgreSQL and Kafka: late, unwilling, or letting in only whom they know.

const run = promisify(execFile);
const STORE_PASSWORD = 'of-the-key-store';
const PASSWORD = randomBytes(12).toString('hex');

/** A key, and a certificate for this machine that signs itself, made by Java's own tool; resolves to the certificate. */
async function certificate(keystore: string): Promise<string> {
  const store = ['-alias', 'broker', '-keystore', keystore, '-storepass', STORE_PASSWORD];
  const made = ['-keyalg', 'EC', '-dname', 'CN=kafka', '-ext', 'SAN=ip:127.0.0.1', '-validity', '2', '-storetype', 'PKCS12'];
  await run('keytool', ['-genkeypair', ...store, ...made]);
  return (await run('keytool', ['-exportcert', '-rfc', ...store])).stdout;
}

/** A broker that lets in one user, by two mechanisms, over TLS, beside the open port that it watches itself by. */
function securedKafka(keystore: string, port: number): Promise<TestKafka> {
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required user_concord="${PASSWORD}";`;
  return startTestKafka(1, {
    users: [`SCRAM-SHA-512=[name=concord,password=${PASSWORD}]`],
    settings: (node) => ({
      listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort},SECURED://127.0.0.1:${port}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port},SECURED://127.0.0.1:${port}`,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL',
      'listener.name.secured.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
      'listener.name.secured.plain.sasl.jaas.config': plain,
      'listener.name.secured.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
      'listener.name.secured.ssl.keystore.type': 'PKCS12',
      'listener.name.secured.ssl.keystore.location': keystore,
      'listener.name.secured.ssl.keystore.password': STORE_PASSWORD,
    }),
  });
}

const lacking = await kafkaLacking();
if (lacking !== undefined) {
  it('NOT RUN here: a service and its neighbours', () => {
    process.stderr.write(`\nThe specs of a service and its neighbours were skipped: ${lacking}\n`);
  });
} else {
  describe('a service', () => {
    let folder: string;
    let kafka: TestKafka;
    let database: TestDatabase;
    let wayToDatabase: FaultProxy;
    let wayToKafka: FaultProxy;
    let settings: Record<string, string>;
    let secured: Record<string, string>;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'concord-neighbours-'));
      const keystore = join(folder, 'broker.p12');
      await writeFile(join(folder, 'authority.pem'), await certificate(keystore));
      // A port is found by opening it; Kafka takes it over.
      const finder = await FaultProxy.start(1);
      const port = finder.port;
      await finder.close();
      [kafka, database] = await Promise.all([securedKafka(keystore, port), testDatabase()]);
      const address = new URL(database.url);
      wayToDatabase = await FaultProxy.start(Number(address.port));
      wayToKafka = await FaultProxy.start(Number(kafka.addresses[0]!.split(':')[1]));
      address.port = String(wayToDatabase.port);
      settings = { DATABASE_URL: address.href, KAFKA_BROKERS: `127.0.0.1:${wayToKafka.port}`, KAFKA_REPLICATION: '1' };
      secured = {
        ...settings,
        KAFKA_BROKERS: `127.0.0.1:${port}`,
        KAFKA_TLS: 'true',
        KAFKA_CA_FILE: join(folder, 'authority.pem'),
        KAFKA_USERNAME: 'concord',
        KAFKA_PASSWORD: PASSWORD,
      };
    }, 60_000);

    /** A service that ends with its test, however that ends. */
    const started: ServiceProcess[] = [];
    const start = (given: Readonly<Record<string, string>>): ServiceProcess => {
      const service = ServiceProcess.start('pledges', given);
      started.push(service);
      return service;
    };
    afterEach(() => started.splice(0).forEach((service) => service.kill()));

    afterAll(async () => {
      await Promise.all([wayToDatabase.close(), wayToKafka.close(), kafka.stop()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    });

    const asSuperuser = async (sql: string): Promise<void> => {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query(sql).finally(() => client.end());
    };

    it('names the database and the brokers that it cannot reach, and is ready by itself once it can', async () => {
      const role = `${new URL(database.url).pathname.slice(1)}_pledges`;
      await asSuperuser(`CREATE ROLE ${role} LOGIN CONNECTION LIMIT 0`);
      wayToDatabase.make({ refuses: true });
      wayToKafka.make({ refuses: true });
      const service = start(settings);
      await service.says(/"code":"ECONNRESET".*"msg":"the database of DATABASE_URL cannot be reached; trying again"/u);
      wayToDatabase.heal();
      await service.says(/"code":"53300".*"msg":"the database of DATABASE_URL cannot be reached; trying again"/u);
      await asSuperuser(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
      const where = wayToKafka.port;
      await service.says(new RegExp(`opening the bus failed on Kafka at 127\\.0\\.0\\.1:${where}: .*KAFKA_BROKERS right`, 'u'));
      // It serves without its brokers after a while, and says that it is not ready.
      const url = await service.url();
      wayToKafka.heal();
      await service.isReady(url);
      expect(await service.terminate()).toBe(0);
    });

    it.each(['scram-sha-512', 'plain'])('is let in by %s over TLS, and by nothing else', async (KAFKA_MECHANISM) => {
      const service = start({ ...secured, KAFKA_MECHANISM });
      await service.isReady(await service.url());
      expect(service.log).not.toContain('"level":"error"');
      expect(await service.terminate()).toBe(0);
    });

    it.each([
      ['another password', { KAFKA_PASSWORD: 'wrong' }, /on Kafka at [\d.:]+: .*authentication failed.* SCRAM-SHA-512/u],
      ['an authority it does not know', { KAFKA_CA_FILE: undefined }, /on Kafka at [\d.:]+: .*self-signed certificate/u],
    ])('says what is wrong with %s', async (_what, change, message) => {
      const given = Object.entries({ ...secured, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined);
      const service = start(Object.fromEntries(given));
      await service.says(message);
      expect(service.log).not.toContain(PASSWORD);
      expect(await service.terminate()).toBe(0);
    });

    it('refuses settings of Kafka that do not fit each other, before it connects', async () => {
      const rest = { ...secured, KAFKA_MECHANISM: 'plain', KAFKA_TLS: 'false' };
      await expect(start({ ...rest, KAFKA_PASSWORD: '' }).url()).rejects.toThrow(
        /ended with 2:[^]*KAFKA_USERNAME and KAFKA_PASSWORD belong together[^]*KAFKA_CA is set, and KAFKA_TLS is not true/u,
      );
      await expect(start(rest).url()).rejects.toThrow(/plain would show the password/u);
    });
  });
}
