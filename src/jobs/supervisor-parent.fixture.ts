/** A parent to be killed: forks the worker process of the tests and says its number. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const child = fork(fileURLToPath(process.env['TEST_ENTRY'] ?? ''), { serialization: 'json' });
child.on('message', () => process.send?.(child.pid));
