"""The texts that a conversion is tested with: of many languages, scripts and lengths."""

from typing import Final

_LONG: Final = (
    "A fraction says how many equal parts of a whole are meant. To compare 3/4 with 5/8, write "
    "both with the denominator 8; then six parts stand against five. Fold a strip and see."
)

PROBES: Final = (
    "",
    "Photosynthesis",
    "42",
    "x² + 2x − 8 = 0",
    "Compare two fractions with different denominators.",
    "Number › Fractions › Compare two fractions\nOrder fractions by size on a number line.",
    "HOW DO VOLCANOES ERUPT? Plates, magma & lava: a lesson for Year 5.",
    "def area(radius): return 3.14159 * radius ** 2  # what does this function compute?",
    "The causes of the First World War, and why historians disagree about them",
    "Name the parts of a flowering plant and say what each of them does.",
    "Comparer deux fractions de dénominateurs différents et justifier sa réponse",
    "Expliquer le cycle de l'eau à l'aide d'un schéma",
    "Comparar fracciones con distinto denominador",
    "Escribir una carta formal para pedir información",
    "Brüche mit verschiedenen Nennern der Größe nach ordnen",
    "Porównywanie ułamków o różnych mianownikach",
    "Сравнить дроби с разными знаменателями и объяснить ответ",
    "قارن بين كسرين لهما مقامان مختلفان",
    "يشرح دورة الماء في الطبيعة",
    "भिन्नों की तुलना करना और उन्हें क्रम में रखना",
    "পানিচক্র ব্যাখ্যা করো",
    "比较两个分母不同的分数",
    "分母の異なる分数の大きさを比べる",
    "분모가 다른 두 분수의 크기를 비교하기",
    "Linganisha sehemu mbili zenye asili tofauti",
    "So sánh hai phân số khác mẫu số",
    "เปรียบเทียบเศษส่วนสองจำนวน",
    "Συγκρίνω δύο κλάσματα με διαφορετικούς παρονομαστές",
    "השוואת שני שברים בעלי מכנים שונים",
    "Farklı paydalara sahip iki kesri karşılaştırma",
    _LONG,
    " ".join([_LONG] * 20),
)
