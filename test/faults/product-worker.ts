/** The worker process below `product.ts`. */
import { workUntilStopped } from '#command-line/worker-entry.ts';
import { readConfig } from '#config.ts';
import { testKind } from './test-kind.ts';

await workUntilStopped(readConfig(process.env), [testKind]);
