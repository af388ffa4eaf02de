package dev.sluice.worker.access;

import dev.sluice.common.config.AuthRequestConfig;
import dev.sluice.common.log.Level;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.answer.TargetTemplate;
import dev.sluice.worker.answer.TargetTemplate.OldQuery;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.subrequest.SubRequest;
import dev.sluice.worker.subrequest.SubRequests;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code auth_request}: another location says whether a request may come. 2xx lets it in, 401 and
 * 403 do not, with the challenge that came along; whatever else is an error, so that a check that
 * does not work lets nobody in.
 *
 * <p>Built at boot, then read-only; its parts belong to the event loop.
 */
final class SubRequestCheck implements AccessCheck {

    private static final Denial REFUSED =
            Denial.of(403, Level.INFO, "access forbidden by auth_request");
    private static final Denial BAD_PATH =
            Denial.of(500, Level.ERROR, "path of auth_request cannot be used");

    /** One {@code auth_request_set}. */
    private record Assignment(int slot, Template value) {}

    private final SubRequests subRequests;
    private final TargetTemplate target;
    private final Assignment[] assignments;
    private final Template challenge;
    private final WorkerScope scope;

    SubRequestCheck(AuthRequestConfig config, SubRequests subRequests, WorkerScope scope,
            ExchangePath paths) {
        this.subRequests = subRequests;
        this.scope = scope;
        target = new TargetTemplate(config.uri(), OldQuery.DROP, scope, paths);
        List<Assignment> all = config.assignments().stream()
                .map(one -> new Assignment(scope.captureNames.declare(one.name()),
                        Template.compile(one.value(), scope))).toList();
        assignments = all.toArray(Assignment[]::new);
        challenge = Template.compile("$sent_http_www_authenticate", scope);
    }

    @Override
    public AccessVerdict check(Exchange x) {
        Waiting pending = new Waiting(x);
        pending.sub = subRequests.start(x, target, pending);
        return pending.sub == null ? BAD_PATH : pending;
    }

    private AccessVerdict verdict(SubRequest sub, Exchange x) {
        int status = sub.status();
        assign(sub, x);
        if (status >= 200 && status < 300) {
            return null;
        }
        if (status == 403) {
            return REFUSED;
        }
        if (status == Denial.UNAUTHORIZED) {
            String value = text(challenge, sub.exchange());
            return new Denial(status, value.isEmpty() ? null
                    : value.getBytes(StandardCharsets.ISO_8859_1), Level.INFO,
                    "not authorized by auth_request", null);
        }
        return Denial.of(500, Level.ERROR, status == 0 ? "auth_request was not answered"
                : "auth_request was answered with status " + status);
    }

    private void assign(SubRequest sub, Exchange x) {
        if (assignments.length > 0 && x.named == null) {
            x.named = new String[scope.captureNames.count()];
        }
        for (Assignment one : assignments) {
            x.named[one.slot] = text(one.value, sub.exchange());
        }
    }

    /** Bytes as ISO 8859-1, so that they are written as they came. */
    private String text(Template template, Exchange of) {
        ByteSink out = scope.scratch();
        int from = out.position();
        template.append(of, out);
        byte[] bytes = new byte[out.position() - from];
        out.buffer().get(from, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A request whose sub-request is under way. */
    private final class Waiting extends PendingCheck implements SubRequest.Listener {
        private final Exchange of;
        private SubRequest sub;

        Waiting(Exchange of) {
            this.of = of;
        }

        @Override
        public void answered(SubRequest answered) {
            decide(verdict(answered, of));
        }

        @Override
        protected void cancel() {
            sub.cancel();
        }
    }
}
