"""Plain word lists of the readers, as text."""

ELEMENT_SYMBOLS = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb
Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au
Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am
"""
"""Symbols of the chemical elements."""

FILLER_WORDS = """
a an the of is are be being was were to at in on for its their it this that should must shall has have having
had needs need with value values count counts number numbers score scores level levels range keep kept stay
stays staying remain remains within lie lies lying each all both total overall predicted calculated computed
estimated which whose set limit limited cap capped ceiling floor target targeted around will can may probability
은 는 이 가 을 를 의 도 값 값이 값은 수 수는 수가 개수 개수는 점수 점수가 에서 로 으로 모두 각각
"""
"""Words that say nothing about which property a number belongs to."""

NOT_UNIT_WORDS = """
and or but with for while when where which whose that then than from into onto per each only overall total
please both all the any also at least most minimum maximum max min respectively max. min. in to of on by as is
are analogues analogs candidates molecules compounds derivatives structures sequences rings donors acceptors
bonds preferably ideally however keeping using without within across including given if so not no having plus
design suggest propose find make generate keep avoid max-imum before after because since until unless though
although against versus starting based would could should must has have was were be such like among between
around about exactly or-so again too well still today now later
"""
"""Words that often follow a number and are no unit."""

NO_SMILES = """
CNS COPS CONCISE SCI BCS CSF CNSI SCN PCP COSI CSP IPSC COI FOI SOP SOC SPC CBC CCB CPC BSC NSC
"""
"""Words in capitals that read as chains of atoms."""

EVERYDAY_WORDS = """
a an the of and or to in on for from with by as at is are be it its this that these those some any new novel
more less better best than good high higher low lower small large safe safer soluble insoluble potent selective drug
drugs like lead leads hit hits fragment compound compounds molecule molecules candidate candidates structure
structures analogue analogues analog analogs derivative derivatives series scaffold design designs designed make
find propose suggest generate give create build plan test tests tested experiment experiments hypothesis
hypotheses please help me my our your we i you us want need should must would could can scratch literature
database data file files paper papers document documents patent patents known approved existing commercial
available starting start seed parent reference value values range properties property profile solubility
toxicity permeability lipophilicity logp qed mw tpsa hbd hba mass weight water aqueous oral brain blood barrier
activity potency target targets protein enzyme receptor kinase inhibitor inhibitors agonist antagonist molecular
chemical chemistry synthetic organic aromatic ring rings donor donors acceptor acceptors bond bonds atom atoms
number count least most each all every few several many one two three four five six seven eight nine ten twenty
improved optimized optimised predicted calculated similar close related different diverse possible optimize
optimise improve modify describe analyse analyze characterise characterize assess evaluate rank ranked screen
compare draw show there then them their they which whose what how why when where while into onto over under
above below between within without using use keep avoid contain containing include including remove replace
group groups core chain side position positions metabolically stable physicochemical medicinal computational
biological non nontoxic based top same other another above-mentioned crystal crystals perovskite perovskites
oxide oxides alloy alloys sequence sequences dna rna gene peptide primer primers cheap active inactive flexible
rigid polar hydrophilic bioavailability druglike drug-like lead-like fragment-like brain-penetrant penetrant cns
penetration lighter heavier easy easier synthesise synthesize synthesizable admet herg bbb ames metabolism
half-life binding affinity results result report today lab anti-inflammatory antibiotic analgesic painkiller
nsaid nsaids rule-of-five lipinski veber smiles inchi name named called cpd cpds cmpd cmpds mols deriv derivs anal
anals inh parent parent's pains alerts alert reactive check flag liability liabilities risk
설계 제안 추천 새로운 용해도 높은 낮은 좋은 더 잘 녹는 후보 분자
화합물 물질 약물 구조 이 그 다음 위 의 수용성 개선된 안전한 독성 없는
미만인 이하인 이상인 초과인 사이인 가진 있는 낮추고 높이고 중에서 이것 그것
"""
"""Words that name no molecule in a goal, although some of them are in lists of chemical names ("lead")."""

ASKING_WORDS = """
looking search searching look ask tell say know wonder wondering interested hello thanks thank kindly try trying
like likely probably maybe perhaps really quite just also too even much well going give giving get getting got put
work works working do does doing done did let lets see seen only thing things way ways case cases part parts order
kind kinds type types sort option options idea ideas suggest suggestion suggestions proposal proposals question
answer answers explain estimate estimates estimated determine obtain obtained run runs start starts report list lists
summary summarise summarize table plot figure overview check verify confirm sure first second third next last final
best top whole full half between among versus rather instead different difference differences whether either neither
both never always often usually currently already since until during afterwards before after again soon later
left long come comes came out off up down follow follows following along losing lose without rule rules compute
computed computing calculate calculates simulate simulated identity theoretical sized called named so-called mention
lab group project team student colleague paper work study studies research researcher goal task aim purpose need needs
needed require required requirement requirements acceptable accepted fine okay good great nice important main
major minor total overall possible feasible reasonable realistic simple easy hard difficult quick fast slow
common typical usual standard normal general specific certain particular given following above below together
maximise maximize
minimise minimize increase decrease reduce lower raise change changes changed changing prefer
preferred bound bounds constraint constraints condition conditions allowed allow forbidden forbid exclude
excluded excluding
rid without remove removed free meet meets satisfy satisfies fulfil fulfill obey obeys respect keep kept stay stays
there here where when who whom whose how why what which that this these those it its they them their we our you your
his her he she me my mine myself ourselves yourself itself cannot can't don't doesn't isn't aren't won't i'm im
pls plz detect prepare
version versions prone tend tends based free rich poor like-for-like
'd 'll 've wanna gonna etc e.g i.e fewer greater smaller larger bigger longer shorter heavier
"""
"""Words of asking, which say nothing of what a plan has to take up."""
