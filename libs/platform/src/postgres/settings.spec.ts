import { asArguments, serverSettings } from './settings.js';

it('never touches what makes a commit durable', () => {
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) expect(serverSettings({}, 18)).not.toHaveProperty(name);
});

it('lets the caller override a default and refuses every setting that is the supervisor’s', () => {
  expect(serverSettings({ shared_buffers: '32MB' }, 18)).toMatchObject({ shared_buffers: '32MB', listen_addresses: '127.0.0.1' });
  expect(() => serverSettings({ PORT: '1', logging_collector: 'on', work_mem: '1MB' }, 18)).toThrow('PORT, logging_collector.');
});

it('turns settings into arguments', () => {
  expect(asArguments({ jit: 'off', timezone: 'UTC' })).toEqual(['-c', 'jit=off', '-c', 'timezone=UTC']);
});

it('gives an older server only what it knows', () => {
  expect(serverSettings({}, 18)).toHaveProperty('io_method');
  expect(serverSettings({}, 15)).not.toHaveProperty('io_method');
});
