// Lets Node load a browser package: what it imports beside the datafeed is replaced by a stand-in.
import { register } from 'node:module';

register('./stand_ins.mjs', import.meta.url);
