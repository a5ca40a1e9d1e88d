package io.millrace.directory;

import io.millrace.fuzz.FuzzContract;
import io.millrace.fuzz.FuzzTarget;
import java.util.List;

/** What holds for descriptors and disclosures of any bytes. */
public final class DocumentFuzzTest extends FuzzContract {
    @Override
    public List<FuzzTarget> targets() {
        return List.of(new FuzzTarget("document", DocumentProperty::holds, 2_000));
    }
}
