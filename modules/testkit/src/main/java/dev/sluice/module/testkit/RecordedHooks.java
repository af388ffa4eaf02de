package dev.sluice.module.testkit;

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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What a module registers for a location. Owner: the test's thread. */
final class RecordedHooks implements Hooks {

    /** One of both is null. */
    record Request(RequestHook hook, BlockingHook blocking) {}

    final Map<Phase, List<Request>> requests = new EnumMap<>(Phase.class);
    final List<HeadHook> upstreamRequests = new ArrayList<>();
    final List<HeadHook> upstreamResponses = new ArrayList<>();
    final List<HeadHook> responses = new ArrayList<>();
    final List<ErrorHook> errors = new ArrayList<>();
    final List<BodyHook> requestBodies = new ArrayList<>();
    final List<RequestBodyHook> wholeRequests = new ArrayList<>();
    final List<Integer> wholeRequestMax = new ArrayList<>();
    final List<BodyHook> responseBodies = new ArrayList<>();
    final List<LogHook> logs = new ArrayList<>();
    /** The words of the phases in which something was registered. */
    final Set<String> phases = new TreeSet<>();

    List<Request> of(Phase phase) {
        return requests.getOrDefault(phase, List.of());
    }

    private void add(Phase phase, Request request) {
        phases.add(phase.name().toLowerCase(Locale.ROOT));
        requests.computeIfAbsent(phase, one -> new ArrayList<>()).add(request);
    }

    private <T> void add(String phase, List<T> all, T hook) {
        phases.add(phase);
        all.add(Objects.requireNonNull(hook));
    }

    @Override
    public void on(Phase phase, RequestHook hook) {
        add(phase, new Request(hook, null));
    }

    @Override
    public void blocking(Phase phase, BlockingHook hook) {
        add(phase, new Request(null, hook));
    }

    @Override
    public void onUpstreamRequest(HeadHook hook) {
        add("upstream_request", upstreamRequests, hook);
    }

    @Override
    public void onUpstreamResponse(HeadHook hook) {
        add("upstream_response", upstreamResponses, hook);
    }

    @Override
    public void onResponse(HeadHook hook) {
        add("response", responses, hook);
    }

    @Override
    public void onError(ErrorHook hook) {
        add("error", errors, hook);
    }

    @Override
    public void requestBody(BodyHook hook) {
        add("request_body", requestBodies, hook);
    }

    @Override
    public void requestBody(int bytesMax, RequestBodyHook hook) {
        add("request_body", wholeRequests, hook);
        wholeRequestMax.add(bytesMax);
    }

    @Override
    public void responseBody(BodyHook hook) {
        add("response_body", responseBodies, hook);
    }

    /** The kit gives every body in one piece, but for hooks that want pieces. */
    @Override
    public void responseBody(int bytesMax, ResponseBodyHook hook) {
        add("response_body", responseBodies, (x, piece, last, out) -> {
            if (!last || piece.remaining() > bytesMax) {
                throw new IllegalStateException("longer than " + bytesMax + " bytes");
            }
            boolean[] written = new boolean[1];
            hook.onBody(x, piece.duplicate(), new CollectedOutput(out, written));
            if (!written[0]) {
                out.write(piece);
            }
        });
    }

    @Override
    public void onLog(LogHook hook) {
        add("log", logs, hook);
    }
}
