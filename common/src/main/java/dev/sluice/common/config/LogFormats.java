package dev.sluice.common.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** The formats that every configuration has. Written at boot, then read-only. */
final class LogFormats {

    /** nginx's format of this name, byte for byte. */
    static final LogFormatConfig COMBINED = new LogFormatConfig(LogTypes.COMBINED,
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
                    + " \"$http_referer\" \"$http_user_agent\"", "default");

    /** One object a line; numbers that may be absent are texts. */
    private static final LogFormatConfig JSON = new LogFormatConfig("json",
            "{\"time\":\"$time_iso8601\",\"remote_addr\":\"$remote_addr\","
                    + "\"remote_user\":\"$remote_user\",\"host\":\"$host\","
                    + "\"request\":\"$request\","
                    + "\"status\":$status,\"body_bytes_sent\":$body_bytes_sent,"
                    + "\"request_time\":$request_time,\"referer\":\"$http_referer\","
                    + "\"user_agent\":\"$http_user_agent\",\"upstream_addr\":\"$upstream_addr\","
                    + "\"upstream_status\":\"$upstream_status\","
                    + "\"upstream_connect_time\":\"$upstream_connect_time\","
                    + "\"upstream_header_time\":\"$upstream_header_time\","
                    + "\"upstream_response_time\":\"$upstream_response_time\","
                    + "\"upstream_error\":\"$upstream_error\",\"termination\":\"$termination\","
                    + "\"worker\":$worker,\"generation\":$generation}", "json");

    /** When each phase of a request was over, in seconds since its beginning. */
    private static final LogFormatConfig PHASES = new LogFormatConfig("phases",
            "$remote_addr [$time_local] \"$request\" $status total=$request_time"
                    + " connect=$upstream_connect_time header=$upstream_header_time"
                    + " response=$upstream_response_time peer=$upstream_addr"
                    + " sent=$bytes_sent received=$request_length"
                    + " end=$termination error=$upstream_error", "default");

    private LogFormats() {
    }

    /** Those that a file may not call anything else by. */
    static Map<String, LogFormatConfig> fixed() {
        Map<String, LogFormatConfig> formats = new LinkedHashMap<>();
        formats.put(COMBINED.name(), COMBINED);
        return formats;
    }

    /** Those that are there unless the file has some of these names. */
    static void addOthers(Map<String, LogFormatConfig> formats) {
        formats.putIfAbsent(JSON.name(), JSON);
        formats.putIfAbsent(PHASES.name(), PHASES);
    }
}
