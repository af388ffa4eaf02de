package dev.sluice.worker.module;

import dev.sluice.module.BodyHook;
import dev.sluice.module.ResponseBodyHook;

/**
 * A module's hook for bodies in a location: one of both kinds. Written at boot, then read-only.
 *
 * @param wholeBytesMax of the body that the second kind wants whole
 */
record BodyStage(Guard guard, HookPlace place, BodyHook streamed, ResponseBodyHook whole,
        int wholeBytesMax) {
}
