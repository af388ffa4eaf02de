package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;

import java.util.List;

/** The part of the table for which location takes a request. Written at boot, then read-only. */
public final class RouteKeys {

    public static final ConfigKey<List<String>> METHODS = ConfigKey.single("methods",
            RouteTypes.METHODS, null,
            "The methods the location serves, as nginx's limit_except with deny all; HEAD goes"
                    + " with GET. Others are answered with 405 and Allow, OPTIONS with 204 and"
                    + " Allow. Of locations with one pattern the first that has the method"
                    + " serves it.", LOCATION).shows("GET PUT DELETE");

    public static final ConfigKey<ConditionConfig> WHEN = ConfigKey.list("when", RouteTypes.WHEN,
            "A condition of the location; all of them must hold, else it is as if the location"
                    + " were not there. Of locations with one pattern the first whose conditions"
                    + " hold is taken, the one without any last.", LOCATION)
            .shows("$http_x_beta == \"1\"", "$remote_addr in 10.0.0.0/8 ::1");

    public static final ConfigKey<Boolean> INTERNAL = ConfigKey.single(
            "internal", Scalars.FLAG, "off",
            "Whether only error_page, try_files, index and rewrite lead here; a client that asks"
                    + " for it gets 404.", LOCATION);

    static final List<ConfigKey<?>> ALL = List.of(METHODS, WHEN, INTERNAL);

    private RouteKeys() {
    }
}
