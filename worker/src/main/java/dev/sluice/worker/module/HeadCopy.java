package dev.sluice.worker.module;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.RequestCopy;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request for a hook on another thread. Immutable. */
record HeadCopy(String method, String path, String query, String authority, boolean secure,
        String remoteAddress, Map<String, List<String>> fields) implements RequestCopy {

    static HeadCopy of(HttpExchange view, Exchange x) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        HeaderTable headers = x.request.headers;
        for (int i = 0; i < headers.count(); i++) {
            String name = ExchangeView.text(headers.buffer(), headers.nameOffset(i),
                    headers.nameLength(i)).toLowerCase(Locale.ROOT);
            fields.computeIfAbsent(name, one -> new ArrayList<>()).add(ExchangeView.text(
                    headers.buffer(), headers.valueOffset(i), headers.valueLength(i)));
        }
        return new HeadCopy(view.method(), view.path(), view.query(), view.authority(),
                view.secure(), view.remoteAddress(), fields);
    }

    @Override
    public List<String> headerNames() {
        return List.copyOf(fields.keySet());
    }

    @Override
    public String header(String name) {
        List<String> all = headers(name);
        return all.isEmpty() ? null : all.getFirst();
    }

    @Override
    public List<String> headers(String name) {
        return List.copyOf(fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }
}
