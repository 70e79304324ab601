// Written by tests/support/write-formula-parser.ts from formula.grammar.
import { LRParser } from '@lezer/lr'
import { readWord } from './spelling.ts'
export const parser = LRParser.deserialize({
  version: 14,
  states:
    "(vOVQPOOOOQO'#Cz'#CzOVQPO'#DSOwQPO'#CcO!cQPO'#CcO!{QPO'#ChOOQO'#Ch'#ChO#YQPO'#CgOVQPO'#CoO#vQPO'#CpOOQO'#DT'#DTO$ZQPO'#DSQOQPOOOOQO-E6x-E6xO$rQPO,59nO%ZQPO'#C{O%cQPO,58}O%}QPO,59RO&UQPO,59ZO&ZQPO'#CcOOQO'#Cr'#CrOOQO,59[,59[O&uQPO,59[O&}QPO'#CwO'UQPO'#CvO'ZQPO,59`O'`QPO,59`OVQPO'#DOO$rQPO,59nO'hQPO1G/YOOQO,59g,59gOOQO-E6y-E6yOOQO'#Ck'#CkOOQO1G.m1G.mO(PQPO1G.mOOQO1G.u1G.uOVQPO'#C|O(XQPO1G.vOOQO1G.v1G.vOVQPO,59bOOQO1G.z1G.zO(aQPO'#C}O(lQPO1G.zOVQPO,59jOOQO,59j,59jOOQO-E6|-E6|O(tQPO7+$XOOQO7+$X7+$XOOQO'#Cm'#CmOOQO,59h,59hOOQO-E6z-E6zOOQO7+$b7+$bOOQO'#Cx'#CxOOQO1G.|1G.|OOQO'#Cw'#CwOOQO,59i,59iOOQO-E6{-E6{OOQO7+$f7+$fOOQO1G/U1G/UOOQO<<Gs<<Gs",
  stateData:
    '(|~OuOS~OPUOQTOSPOTYOUYOWROXSO]UO^WOeXO~OY_OPVXSVXmVXsVXbVX`VXgVX~O^[X~PwOPwXSwXmwX`wXgwX~O^[XswXbwX~P!jO^aO~OPUOQTOSPOWRO]UO^WOeXO~OTgOUgOXcOgeOiiO~P#_OPkOSkOmkOsvXbvX`vXgvX~OPkOSkOmkOsvabva`vagva~OWnOXnO~OY_OPVaSVamVasVabVa`VagVa~ObqO~PVObsO~OY_OPVXSVX^[X`VXgVXikXmVX~O`tOgvO~OikX~P!jOiwO~OgxO~O`yOgxO~OPkOSkOmkOsvibvi`vigvi~O`tOb!PO~O`tOg!TO~OT!WOU!WOX!WO~O`yOg!ZO~O`tOb!]O~O',
  goto: '$oxPPPPPPPyPPPy!UPP!aP!dPyyP!gPyP!j!p!tP!w#W#`#j#pPPP#z$^cYOQWXaktw{cVOQWXaktw{RraR!RtRfXQjXR!XyThXyR!Vw[QOWXatwS]Q{R{kU`RScRo`QufQ!OrT!Su!OQzjR!YzQlZQm^T}lmQ[OQbWQdXQpaQ!QtR!Uw[ZOWXatwQ^QQ|kR![{',
  nodeNames:
    '⚠ Word Constant Formula Minus Number Text Path Bracket Identifier Dot Call Name Quoted Open Chain Comma Chain Close Parenthesised List BraceOpen Chain BraceClose Group Colon Entry Key Chain Symbol',
  maxTerm: 39,
  skippedNodes: [0],
  repeatNodeCount: 5,
  tokenData:
    ".Y~R!eXY%dYZ%d]^%dpq%dqr%{rs'rtu(dvw%{wx)exy*cyz*hz{%{{|%{|}*m}!O*r!O!P*w!P!Q%{!Q![*|![!]+x!]!^*m!^!_%{!_!`%{!`!a%{!a!b%{!c!}(d!}#O+}#Q#R%{#R#S(d#T#o(d#o#p,o#p#q%{#q#r,t#r#s%{$f$g%d%W%o(d%o%p%{%p&a(d&a&b%{&b$IS(d$Ip$Iq,y%&l%&m*r%(^%(_%{%(b%(c%{%(c%(d%{&/x&FU(d&FU&FV%d&Ff&Fg-k&Gh;'S(d;(f;+[)_?&r?Bj(d?HV?HW%{?H[?H]%{?H^?H_*c?H_?H`*h?H`?Ha%{?Ha?Hb%{?Hb?Hc*m?Hc?Hd*r?He?Hf%{?Hp?Hq+x?Hq?Hr*m?Hr?Hs%{?Hs?Ht%{?Ht?Hu%{?Hu?Hv%{?JT?JU,o?JV?JW,t~%iUu~XY%dYZ%d]^%dpq%d$f$g%d&FU&FV%d~&Qjm~qr%{vw%{z{%{{|%{!P!Q%{!^!_%{!_!`%{!`!a%{!a!b%{#Q#R%{#p#q%{#r#s%{%o%p%{&a&b%{%(^%(_%{%(b%(c%{%(c%(d%{?HV?HW%{?H[?H]%{?H`?Ha%{?Ha?Hb%{?He?Hf%{?Hr?Hs%{?Hs?Ht%{?Ht?Hu%{?Hu?Hv%{~'uTOr'rrs(Us;'S'r;'S;=`(^<%lO'r~(ZPU~rs'r~(aP;=`<%l'r~(i[X~tu(d!Q![(d!c!}(d#R#S(d#T#o(d%W%o(d%p&a(d&b$IS(d&/x&FU(d&Gh;'S(d;(f;+[)_?&r?Bj(d~)bP;=`<%l(d~)hSOw)tx;'S)t;'S;=`*]<%lO)t~)wTOw)twx*Wx;'S)t;'S;=`*]<%lO)t~*]O]~~*`P;=`<%l)t~*hO^~~*mOb~~*rO`~~*wOS~~*|OY~~+RST~uv+_!O!P+d!Q![*|?HZ?H[+_~+dOT~~+gP!Q![+j~+oRT~uv+_!Q![+j?HZ?H[+_~+}Oi~~,QTO#P+}#P#Q,a#Q;'S+};'S;=`,i<%lO+}~,fPW~#P#Q+}~,lP;=`<%l+}~,tOe~~,yOg~~,|TO$Iq,y$Iq$Ir-]$Ir;'S,y;'S;=`-e<%lO,y~-bPU~$Iq$Ir,y~-hP;=`<%l,y~-nTO&Fg-k&Fg&Fh-}&Fh;'S-k;'S;=`.S<%lO-k~.SOW~~.VP;=`<%l-k",
  tokenizers: [0],
  topRules: { Formula: [0, 3] },
  specialized: [{ term: 9, get: (value: string) => readWord(value) << 1, external: readWord }],
  tokenPrec: 0,
})
