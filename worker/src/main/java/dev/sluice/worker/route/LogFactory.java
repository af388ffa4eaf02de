package dev.sluice.worker.route;

import dev.sluice.common.config.AccessLogConfig;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.variables.LogFormat;

/** Makes what writes the lines of one access log. Called at boot, once per log and format. */
public interface LogFactory {

    ExchangeLog logFor(AccessLogConfig config, LogFormat format);
}
