package dev.sluice.common.config;

import dev.sluice.common.config.CertForward.Form;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The type of {@code client_cert_forward}. */
final class CertForwardType implements ValueType<List<CertForward>> {

    private static final String FORM = "rfc9440, xfcc, or pem:, sha256:, lfdi: or sfdi: and the"
            + " name of a field; or off";

    @Override
    public String name() {
        return "forms of a certificate";
    }

    @Override
    public String form() {
        return FORM;
    }

    @Override
    public List<CertForward> parse(Value value) throws BadValue {
        List<CertForward> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String word : value.words()) {
            if (word.equals("off") && value.words().size() == 1) {
                return List.of();
            }
            CertForward one = one(word);
            FieldTypes.checkName(one.header(), true);
            if (one.header().equalsIgnoreCase("Host")) {
                throw new BadValue("Host does not say who a client is");
            }
            for (String name : one.names()) {
                if (!names.add(CertForward.folded(name))) {
                    throw new BadValue("\"" + name + "\" is there twice",
                            "give each form a field of its own");
                }
            }
            all.add(one);
        }
        return all;
    }

    private static CertForward one(String word) throws BadValue {
        int colon = word.indexOf(':');
        String kind = colon < 0 ? word : word.substring(0, colon);
        for (Form form : Form.values()) {
            if (form.word().equals(kind) && form.header == null == colon > 0) {
                return new CertForward(form,
                        colon < 0 ? form.header : word.substring(colon + 1));
            }
        }
        throw new BadValue("\"" + word + "\" is no form of a certificate", "expected " + FORM);
    }
}
