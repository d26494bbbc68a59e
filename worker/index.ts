import { expose } from 'comlink';
import { keepErrorIdentity } from './rpc.ts';
import { DevelopService } from './service.ts';

keepErrorIdentity();
expose(new DevelopService(new URL('../build/kernels.wasm', import.meta.url)));
