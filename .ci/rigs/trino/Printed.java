import io.trino.spi.block.Block;
import io.trino.spi.block.MapBlockBuilder;
import io.trino.spi.type.BigintType;
import io.trino.spi.type.BooleanType;
import io.trino.spi.type.DateType;
import io.trino.spi.type.DoubleType;
import io.trino.spi.type.IntegerType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeOperators;
import io.trino.spi.type.VarcharType;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Prints maps as the classes of Trino print them: a line TYPE<TAB>KEY<TAB>KEY… is a map of these keys to 0, 1, … */
public class Printed {
    static final Map<String, Type> TYPES = Map.of("varchar", VarcharType.VARCHAR, "bigint", BigintType.BIGINT, "integer", IntegerType.INTEGER,
            "double", DoubleType.DOUBLE, "boolean", BooleanType.BOOLEAN, "date", DateType.DATE);

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StringBuilder out = new StringBuilder();
        for (String line; (line = in.readLine()) != null; ) {
            out.append(print(line.split("\t", -1))).append('\n');
        }
        System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    static Object print(String[] words) throws Exception {
        Type key = TYPES.get(words[0]);
        MapType map = new MapType(key, IntegerType.INTEGER, new TypeOperators());
        MapBlockBuilder all = map.createBlockBuilder(null, 1);
        all.buildEntry((keys, values) -> {
            for (int i = 1; i < words.length; i++) {
                switch (words[0]) {
                    case "varchar" -> VarcharType.VARCHAR.writeString(keys, words[i]);
                    case "double" -> key.writeDouble(keys, Double.parseDouble(words[i]));
                    case "boolean" -> key.writeBoolean(keys, words[i].equals("true"));
                    default -> key.writeLong(keys, Long.parseLong(words[i]));
                }
                IntegerType.INTEGER.writeLong(values, i - 1);
            }
        });
        for (Method m : MapType.class.getMethods()) { // its parameters differ from version to version
            if (m.getName().equals("getObjectValue")) {
                return m.getParameterCount() == 3 ? m.invoke(map, null, all.build(), 0) : m.invoke(map, all.build(), 0);
            }
        }
        throw new IllegalStateException("MapType has no getObjectValue");
    }
}
