"""Where LibreOffice 7.4 and the program differ, formula by formula; docs/engines.md has each reason.

The results that Excel gives stand in the tables of cases; in every case here the program gives those.
"""

from __future__ import annotations

#: Functions that LibreOffice 7.4 doesn't have.
LIBREOFFICE_LACKS = frozenset({"TEXTAFTER", "TEXTBEFORE", "XLOOKUP", "XMATCH"})

#: What LibreOffice does, and the formulas where that shows.
DEVIATIONS: dict[str, tuple[str, ...]] = {
    "a boolean in a cell is a number": (
        "MATCH(TRUE,E1:E7,0)", "GCD(TRUE,2)", "LCM(H1:H3)", "MODE(C1:C7)", "SMALL(C1:C7,3)", "ISEVEN(A5)",
        "VALUE(TRUE)", 'NPV(0.1,{;"x";TRUE;110;"5"})', 'IRR({-100;"x";;121;TRUE})', "SUM(C1:C7)", "SUM(A1,A3,A5)",
        "MIN(A3,A5)", "COUNT(C1:C7)", "SUMPRODUCT(H1:H3,E1:E3)", "SUMSQ(C1:C7)", "AVERAGE(C1:C7)", "MAXA(H1:H5)",
        "VAR.S(C1:C7)", "STDEV.S(C1:C7)", "DEVSQ(C1:C7)", "AVEDEV(C1:C7)", "HARMEAN(C1:C7)", "MEDIAN(C1:C7)",
        "ISNUMBER(A5)", "TYPE(A5)", "MIN(A5,3)", "SUM(E1:E7)", "SUM(A5)", 'SUBTOTAL(2,{1;"x";;TRUE})',
        "COUNT(E1:E7)", "COUNT(A5)", "SUMPRODUCT(L1:L2,F1:F2)", "AVERAGE(E1:E7)", "--(A2>1)",
    ),
    "a boolean as text is 1 or 0": (
        "RIGHT(TRUE,2)", "LEN(TRUE)", "UPPER(TRUE)", 'CONCATENATE("Stream ",1.5,TRUE,leeg)',
        'CONCAT({"a",1;,TRUE},"x")', "FALSE()&A4", 'A5&""', "LEN(A5)", '"a"&1&TRUE', 'TEXT(TRUE,"0")',
    ),
    "a boolean compared is 1 or 0": (
        "A10=FALSE", "A5=1", "A5>A2", "A5>A4",
    ),
    "a text typed as an argument is no number": (
        'NPV(0.1,TRUE,"110",0,0)', 'SUM("5",TRUE,2)', 'MIN("3",TRUE)', 'PRODUCT("2",TRUE,4)', 'AVERAGE("3",TRUE)',
        'STDEV.S("1",TRUE,1)', 'AND("TRUE",1)', 'OR("FALSE",0)', 'MIN("5",7)', 'SUM("5",1)',
    ),
    "ISEVEN and ISODD take no blank cell and no text": (
        "ISEVEN(A1)", "ISODD(A3)",
    ),
    "0^0 is 1": (
        "POWER(0,0)", "0^0",
    ),
    "days before 1 March 1900 are one day off": (
        'TEXT(60,"d/m/yyyy")', "DATE(1900,1,1)", "DATE(1900,2,29)", "DATE(1900,1,0)", "YEAR(0)", "YEAR(leeg)",
        "MONTH(0)", "DAY(60)", "DAY(59)", "DAY(0)", "DAY(TRUE)", "YEAR(A1)",
    ),
    "a value where Excel has an error: other bounds": (
        'CONCATENATE("aaaaaaaa…32767 tekens,"b")', "CHAR(0)", 'CODE("")', "UNICHAR(0)", "UNICHAR(55296)",
        'REPT("ab",20000)', "DATE(1900,1,-1)", "DATE(9999,12,32)", "DATE(10000,1,1)", "YEAR(2958466)", "YEAR(-1)",
        "MONTH(-1)", "DAY(-0.5)", 'TIMEVALUE("18:75")', "TIME(40000,0,0)", "HOUR(-1)", "SECOND(-1)", "WEEKDAY(-1,1)",
        "ISOWEEKNUM(-1)", "EDATE(46235,-5000)", "EOMONTH(-1,0)", "DAYS(-1,5)", "DAYS360(-1,1)", "WORKDAY(5,-99)",
        "XNPV(0.09,{-10000;2750;4250;3250;2750},{39904;39859;39751;39508;39448})", "SYD(30000,7500,10,11)",
        "DB(1000000,100000,6,7)", "EFFECT(0,4)", "ROUNDUP(123.5,-400)", "MROUND(5,-2)", "SIN(134217728)",
        "ATAN2(0,0)", "SUM(1E+308,1E+308,-1E+308)", "GEOMEAN(1,0)", 'TEXT(-1,"yyyy")',
        "ADDRESS(2,3,5)",
    ),
    "another error for the same fault": (
        'MATCH(#DIV/0!,{"appel";"Peer";"banaan";"";;"a*b";5;"5";TRUE;#N/A},0)',
        'MATCH(1,{1,"een",10;2,"twee",20;3,"drie",30},0)', "LOOKUP(#N/A,{1;2},{1;2})", "LEFT(#N/A,-1)",
        "ISPMT(0.1,1,0,8000000)", "RATE(10,100,100)", "NPV(-1,100,1,1,1)", "IRR({100;110})",
        "MIRR({120000;39000;30000;21000},0.1,0.12)", "XIRR({-100;110},{45658;#N/A})", "FLOOR(2.5,0)",
        "QUOTIENT(1,A9)", "POWER(0,-1)", "LOG(5,1)", "DEVSQ(G1:G3)", "MODE.SNGL(E1:E5)", "RANK(8,R1:R5)",
        "CORREL(E1:E5,F1:F4)", "COVARIANCE.P(G1:G3,H3:H5)", "COVAR(E1:E5,F1:F4)", "COVARIANCE.S(E1,F1)",
        "INTERCEPT(F1:F5,D1:D4)", "STEYX(F1:F2,E1:E2)", "SUMX2MY2(M1:M7,N1:N6)", "STANDARDIZE(42,40,A9)",
        "PERCENTRANK.INC({13,12,11,8,4,3,2,1,1,1},14)", "PERCENTRANK.EXC(U1:U9,0)",
    ),
    "the other one of two errors": (
        'CONCATENATE("a",#N/A,"b",#DIV/0!)', "MOD(A6,0)", "SUM(D1:D4)",
    ),
    "criteria match numbers as texts and texts as numbers otherwise": (
        'COUNTIF({1;"5";;TRUE;"tekst";"";2;5;#N/A;"abc"},5)',
        'COUNTIF({1;"5";;TRUE;"tekst";"";2;5;#N/A;"abc"},"<=1")',
        'COUNTIF({1;"5";;TRUE;"tekst";"";2;5;#N/A;"abc"},"*")',
        'COUNTIF({1;"5";;TRUE;"tekst";"";2;5;#N/A;"abc"},"?*")',
        'COUNTIF({1;"5";;TRUE;"tekst";"";2;5;#N/A;"abc"},"<>t*")',
        'COUNTIF({1;"5";;TRUE;"tekst";"";2;5;#N/A;"abc"},TRUE)',
        'COUNTIF({1;"5";;TRUE;"tekst";"";2;5;#N/A;"abc"},#N/A)',
        'COUNTIF({1;"5";;TRUE;"tekst";"";2;5;#N/A;"abc"},">")', "COUNTIF(E1:E7,5)", "COUNTIF(E1:E7,TRUE)",
        "COUNTIF(J1:J3,NA())",
    ),
    'a text "5" matches a number, a blank matches nothing, errors aren\'t stepped over': (
        'MATCH("5",{"appel";"Peer";"banaan";"";;"a*b";5;"5";TRUE;#N/A},0)', "MATCH(leeg,{1;0;},0)",
        "LOOKUP(2,{#DIV/0!;1;#DIV/0!;1;#DIV/0!},{10;20;30;40;50})",
    ),
    "characters beyond ASCII by another table": (
        'UPPER("total ß")', "CHAR(128)", 'CODE("€")', 'CODE("Δ")',
    ),
    "texts are read and numbers written by other rules": (
        'FIND("","abc")', 'NUMBERVALUE("3.5%")', 'NUMBERVALUE("")', 'TEXT(5,"#.##")', 'DATEVALUE("2011/02/23")',
        'DATEVALUE("23 February 2011")',
    ),
    "the last digits are rounded otherwise": (
        "MATCH(0.30000000000000004,{0.3},0)", "FIXED(1.005,2)", 'TEXT(1.1574e-05,"mm:ss")',
        "INT(123456789-0.0000005)", "MOD(281.44,0.02)",
        "PERCENTRANK.INC({13,12,11,8,4,3,2,1,1,1},4)", "PERCENTRANK.INC({13,12,11,8,4,3,2,1,1,1},8)",
        "PERCENTRANK.EXC(U1:U9,5.43,1)",
    ),
    "another definition of the function": (
        "SUMPRODUCT(A4:A5,D2:D3)", "DATE(108,1,2)", "SUMXMY2(Y1:Y4,Z1:Z4)", "MODE(3,1,1,3)",
        "VDB(1,0,14,2.5,3.5,1.25,FALSE)", "VDB(1,0,14,11.5,12.5,1.25,FALSE)", "VDB(1,0,14,13.5,14,1.25,FALSE)",
    ),
}
