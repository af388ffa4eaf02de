package dev.sluice.common.module;

import dev.sluice.module.BlockingHook;
import dev.sluice.module.BodyHook;
import dev.sluice.module.ErrorHook;
import dev.sluice.module.HeadHook;
import dev.sluice.module.Hooks;
import dev.sluice.module.LogHook;
import dev.sluice.module.Phase;
import dev.sluice.module.RequestBodyHook;
import dev.sluice.module.RequestHook;
import dev.sluice.module.ResponseBodyHook;
import java.util.Objects;

/**
 * Refuses what cannot be registered and forgets the rest; who keeps it extends this. Used at boot.
 *
 * @see IllegalArgumentException thrown for what makes no sense here
 */
public class CheckedHooks implements Hooks {

    private final boolean ofServer;

    /** @param ofServer whether this is what a server does where no location matches */
    public CheckedHooks(boolean ofServer) {
        this.ofServer = ofServer;
    }

    private void check(Phase phase, Object hook) {
        Objects.requireNonNull(hook);
        if (phase == Phase.POST_READ && !ofServer) {
            throw new IllegalArgumentException(
                    "POST_READ is of a server, not of a location: ask route.ofServer()");
        }
    }

    private static void check(int bytesMax, Object hook) {
        Objects.requireNonNull(hook);
        if (bytesMax < 1 || bytesMax > WHOLE_BODY_BYTES_MAX) {
            throw new IllegalArgumentException("bodies of " + bytesMax + " bytes");
        }
    }

    @Override
    public void on(Phase phase, RequestHook hook) {
        check(Objects.requireNonNull(phase), hook);
    }

    @Override
    public void blocking(Phase phase, BlockingHook hook) {
        check(Objects.requireNonNull(phase), hook);
    }

    @Override
    public void onUpstreamRequest(HeadHook hook) {
        Objects.requireNonNull(hook);
    }

    @Override
    public void onUpstreamResponse(HeadHook hook) {
        Objects.requireNonNull(hook);
    }

    @Override
    public void onResponse(HeadHook hook) {
        Objects.requireNonNull(hook);
    }

    @Override
    public void onError(ErrorHook hook) {
        Objects.requireNonNull(hook);
    }

    @Override
    public void requestBody(BodyHook hook) {
        Objects.requireNonNull(hook);
    }

    @Override
    public void requestBody(int bytesMax, RequestBodyHook hook) {
        check(bytesMax, hook);
    }

    @Override
    public void responseBody(BodyHook hook) {
        Objects.requireNonNull(hook);
    }

    @Override
    public void responseBody(int bytesMax, ResponseBodyHook hook) {
        check(bytesMax, hook);
    }

    @Override
    public void onLog(LogHook hook) {
        Objects.requireNonNull(hook);
    }
}
