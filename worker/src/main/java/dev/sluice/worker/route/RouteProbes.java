package dev.sluice.worker.route;

import dev.sluice.common.config.ConditionConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.PathTemplate;
import dev.sluice.common.config.ServerNameConfig;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.variables.WorkerScope;
import java.util.List;

/**
 * Asks of a name or a location alone whether it fits a request: the same code as {@link RouteTable}
 * with nothing beside it. For those who explain; a worker that serves has no use for it. A location
 * that is asked may leave its parameters in the exchange.
 */
public final class RouteProbes {

    private static final int FITS = 1;

    private final WorkerScope scope;

    public RouteProbes(WorkerScope scope) {
        this.scope = scope;
    }

    /** Whether the host of the request is one of these. */
    public boolean fits(List<ServerNameConfig> names, Exchange x) {
        HostTable table = new HostTable(scope.captureNames);
        table.add(List.of(), 0, true);
        table.add(names, FITS, false);
        RequestHead head = x.request;
        return table.find(head.buffer(), head.hostOffset, head.hostLength) == FITS;
    }

    /** Whether the path of the exchange fits the pattern of a location, whatever else it asks. */
    public boolean fitsPath(LocationConfig one, Exchange x) {
        return fits(one, Condition.NONE, Variants.ALL_METHODS, x);
    }

    /** Whether a location takes the request, if there were no other one. */
    public boolean fits(LocationConfig one, Exchange x) {
        return fits(one, Condition.compile(one.route().conditions(), scope),
                Variants.bits(one.route().methods()), x);
    }

    /** Whether one condition of a location holds. */
    public boolean holds(ConditionConfig one, Exchange x) {
        return Condition.allHold(Condition.compile(List.of(one), scope), x);
    }

    private boolean fits(LocationConfig one, Condition[] conditions, int methods, Exchange x) {
        if (one.match() == Match.NAMED) {
            return false;
        }
        Location location = location(one);
        PathTemplate template =
                one.match() == Match.TEMPLATE ? PathTemplate.of(one.pattern()) : null;
        if (template != null) {
            location.parameterPlaces(new int[template.parameters().size()]);
        }
        LocationPatterns patterns = new LocationPatterns();
        patterns.add(one.match(), one.pattern(), template, location, conditions, methods);
        return patterns.table((first, all) -> location(one), scope).find(x) == location;
    }

    private static Location location(LocationConfig one) {
        return new Location(one, one.label(), HeaderToAdd.NONE, new ExchangeLog[0],
                Location.NO_REWRITES, null, Gate.NONE);
    }
}
